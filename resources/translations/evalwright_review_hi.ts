<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="hi" sourcelanguage="en">
<context>
    <name>Review</name>
    <message>
        <source>Your answers are in this file. Send it back to whoever gave you the work:
%1</source>
        <translation>आपके उत्तर इस फ़ाइल में हैं। इसे उस व्यक्ति को वापस भेजें जिसने आपको यह काम दिया है:
%1</translation>
    </message>
    <message>
        <source>Review</source>
        <translation>समीक्षा</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>बंद करें</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>पूर्ववत करें</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>फिर से करें</translation>
    </message>
    <message>
        <source>Cut</source>
        <translation>काटें</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>कॉपी करें</translation>
    </message>
    <message>
        <source>Paste</source>
        <translation>चिपकाएँ</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>हटाएँ</translation>
    </message>
    <message>
        <source>Select all</source>
        <translation>सब चुनें</translation>
    </message>
    <message>
        <source>Guideline, version %1</source>
        <translation>दिशानिर्देश, संस्करण %1</translation>
    </message>
    <message>
        <source>Guideline</source>
        <translation>दिशानिर्देश</translation>
    </message>
    <message>
        <source>This review has no guideline.</source>
        <translation>इस समीक्षा के लिए कोई दिशानिर्देश नहीं है।</translation>
    </message>
    <message>
        <source>Key %1</source>
        <translation>कुंजी %1</translation>
    </message>
    <message>
        <source>%1 (optional)</source>
        <translation>%1 (वैकल्पिक)</translation>
    </message>
    <message>
        <source>%1 Key %2</source>
        <translation>%1 कुंजी %2</translation>
    </message>
    <message>
        <source>Broken</source>
        <translation>दोषपूर्ण</translation>
    </message>
    <message>
        <source>Skip</source>
        <translation>छोड़ें</translation>
    </message>
    <message>
        <source>Comment</source>
        <translation>टिप्पणी</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>आगे</translation>
    </message>
    <message>
        <source>Item</source>
        <translation>आइटम</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>सूचना</translation>
    </message>
    <message>
        <source>You skipped this item. An answer now is stored as a correction.</source>
        <translation>आपने यह आइटम छोड़ दिया था। अब दिया गया उत्तर सुधार के रूप में सहेजा जाएगा।</translation>
    </message>
    <message>
        <source>You called this item broken. An answer now is stored as a correction.</source>
        <translation>आपने इस आइटम को दोषपूर्ण बताया था। अब दिया गया उत्तर सुधार के रूप में सहेजा जाएगा।</translation>
    </message>
    <message>
        <source>You have judged this item. What you change is stored as a correction.</source>
        <translation>आप इस आइटम पर निर्णय दे चुके हैं। बदलाव सुधार के रूप में सहेजे जाएँगे।</translation>
    </message>
    <message>
        <source>Occupation: %1 · other person: %2</source>
        <translation>पेशा: %1 · दूसरा व्यक्ति: %2</translation>
    </message>
    <message>
        <source>This question has no answer yet: %1</source>
        <translation>इस प्रश्न का उत्तर अभी बाकी है: %1</translation>
    </message>
    <message>
        <source>Nothing has been stored in this sitting. %1 shows earlier items.</source>
        <translation>इस सत्र में अभी कुछ सहेजा नहीं गया है। %1 पिछले आइटम दिखाता है।</translation>
    </message>
    <message>
        <source>These questions have no comment.</source>
        <translation>इन प्रश्नों में टिप्पणी का स्थान नहीं है।</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>फिर कोशिश करें</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>विवरण</translation>
    </message>
    <message>
        <source>Copy the message and its details</source>
        <translation>संदेश और विवरण कॉपी करें</translation>
    </message>
    <message>
        <source>Raw text of the error</source>
        <translation>त्रुटि का मूल पाठ</translation>
    </message>
    <message>
        <source>You are through with your list. Everything is stored.</source>
        <translation>आपकी सूची पूरी हो गई है। सब कुछ सहेजा जा चुका है।</translation>
    </message>
    <message>
        <source>The review has all the judgements that it needs. Everything is stored.</source>
        <translation>इस समीक्षा के लिए पर्याप्त निर्णय मिल चुके हैं। सब कुछ सहेजा जा चुका है।</translation>
    </message>
    <message>
        <source>Your part in this review ends here. Everything is stored.</source>
        <translation>इस समीक्षा में आपका काम यहीं पूरा होता है। सब कुछ सहेजा जा चुका है।</translation>
    </message>
    <message>
        <source>Undo the last one</source>
        <translation>पिछला निर्णय पूर्ववत करें</translation>
    </message>
    <message>
        <source>Look at earlier items</source>
        <translation>पिछले आइटम देखें</translation>
    </message>
    <message>
        <source>Thank you</source>
        <translation>धन्यवाद</translation>
    </message>
    <message>
        <source>Judged: %1 · skipped: %2 · broken: %3</source>
        <translation>निर्णय दिए: %1 · छोड़े: %2 · दोषपूर्ण: %3</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>कुंजियाँ</translation>
    </message>
    <message>
        <source>View</source>
        <translation>दृश्य</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>प्रगति</translation>
    </message>
    <message>
        <source>You have been rating for 30 minutes. A short break keeps judgements steady.</source>
        <translation>आप 30 मिनट से समीक्षा कर रहे हैं। छोटा-सा विराम निर्णयों को एक-सा बनाए रखता है।</translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation>हटाएँ</translation>
    </message>
    <message>
        <source>Larger type</source>
        <translation>बड़े अक्षर</translation>
    </message>
    <message>
        <source>Smaller type</source>
        <translation>छोटे अक्षर</translation>
    </message>
    <message>
        <source>High contrast</source>
        <translation>उच्च कंट्रास्ट</translation>
    </message>
    <message>
        <source>Show the pace</source>
        <translation>गति दिखाएँ</translation>
    </message>
    <message>
        <source>Go on after the last answer</source>
        <translation>अंतिम उत्तर के बाद आगे बढ़ें</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>भाषा</translation>
    </message>
    <message>
        <source>Full screen</source>
        <translation>पूर्ण स्क्रीन</translation>
    </message>
    <message>
        <source>Practice</source>
        <translation>अभ्यास</translation>
    </message>
    <message>
        <source>Review · %1</source>
        <translation>समीक्षा · %1</translation>
    </message>
    <message>
        <source>rater %1</source>
        <translation>कोड %1</translation>
    </message>
    <message>
        <source>%1 of %2 · %3 %</source>
        <translation>%2 में से %1 · %3%</translation>
    </message>
    <message>
        <source>%1 a minute</source>
        <translation>%1 प्रति मिनट</translation>
    </message>
    <message>
        <source>Back to the items</source>
        <translation>आइटमों पर लौटें</translation>
    </message>
    <message>
        <source>Your code</source>
        <translation>आपका कोड</translation>
    </message>
    <message>
        <source>You rate as %1.</source>
        <translation>आप %1 कोड से समीक्षा कर रहे हैं।</translation>
    </message>
    <message>
        <source>Letters, digits, “.”, “_” and “-”. Not your name and not an address.</source>
        <translation>अंग्रेज़ी अक्षर, अंक, “.”, “_” और “-”। न अपना नाम लिखें, न कोई पता।</translation>
    </message>
    <message>
        <source>What you are asked</source>
        <translation>आपसे क्या पूछा जाएगा</translation>
    </message>
    <message>
        <source>Everything works with keys alone. “?” shows them.</source>
        <translation>सब कुछ केवल कुंजियों से हो सकता है। “?” या F1 उन्हें दिखाता है।</translation>
    </message>
    <message>
        <source>Practice: two minutes</source>
        <translation>अभ्यास: दो मिनट</translation>
    </message>
    <message>
        <source>Begin</source>
        <translation>शुरू करें</translation>
    </message>
    <message>
        <source>Judgements are kept under a code. Type yours to begin.</source>
        <translation>निर्णय एक कोड के साथ रखे जाते हैं। शुरू करने के लिए अपना कोड लिखें।</translation>
    </message>
    <message>
        <source>Practice is over: %1 of %2 right.</source>
        <translation>अभ्यास पूरा हुआ: %2 में से %1 सही।</translation>
    </message>
    <message numerus="yes">
        <source>about %n min left</source>
        <translation>
            <numerusform>लगभग %n मिनट शेष</numerusform>
            <numerusform>लगभग %n मिनट शेष</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ReviewErrors</name>
    <message>
        <source>The review cannot be opened.</source>
        <translation>समीक्षा नहीं खोली जा सकी।</translation>
    </message>
    <message>
        <source>The item cannot be read.</source>
        <translation>आइटम नहीं पढ़ा जा सका।</translation>
    </message>
    <message>
        <source>The judgement was not stored. Your answers are still here.</source>
        <translation>निर्णय सहेजा नहीं गया। आपके उत्तर अभी यहीं हैं।</translation>
    </message>
    <message>
        <source>The state of the review cannot be read. You can go on.</source>
        <translation>समीक्षा की स्थिति नहीं पढ़ी जा सकी। आप काम जारी रख सकते हैं।</translation>
    </message>
    <message>
        <source>The file with your answers was not written. The answers are kept.</source>
        <translation>आपके उत्तरों की फ़ाइल नहीं लिखी गई। उत्तर सुरक्षित हैं।</translation>
    </message>
    <message>
        <source>The disk is full. Make room and try again.</source>
        <translation>डिस्क भर गई है। जगह खाली करें और फिर कोशिश करें।</translation>
    </message>
    <message>
        <source>The folder cannot be written to. Copy the file into a folder of your own.</source>
        <translation>इस फ़ोल्डर में लिखा नहीं जा सकता। फ़ाइल को अपने किसी फ़ोल्डर में कॉपी करें।</translation>
    </message>
    <message>
        <source>Another program is using the file. Close it there and try again.</source>
        <translation>कोई दूसरा प्रोग्राम इस फ़ाइल का उपयोग कर रहा है। उसे वहाँ बंद करें और फिर कोशिश करें।</translation>
    </message>
    <message>
        <source>The file is damaged. Ask for it again where you got it from.</source>
        <translation>फ़ाइल क्षतिग्रस्त है। जिससे मिली थी, उससे दोबारा माँगें।</translation>
    </message>
    <message>
        <source>The file was made by a newer version of the program. Update the program.</source>
        <translation>फ़ाइल प्रोग्राम के नए संस्करण से बनी है। प्रोग्राम को अपडेट करें।</translation>
    </message>
    <message>
        <source>The disk cannot be read or written. Check it and try again.</source>
        <translation>डिस्क पढ़ी या लिखी नहीं जा सकी। उसे जाँचें और फिर कोशिश करें।</translation>
    </message>
    <message>
        <source>The program says in English: %1</source>
        <translation>प्रोग्राम का संदेश (अंग्रेज़ी में): %1</translation>
    </message>
</context>
<context>
    <name>ReviewKeys</name>
    <message>
        <source>Enter</source>
        <translation>Enter</translation>
    </message>
    <message>
        <source>Space</source>
        <translation>स्पेस</translation>
    </message>
    <message>
        <source>Shift</source>
        <translation>Shift</translation>
    </message>
    <message>
        <source>Ctrl</source>
        <translation>Ctrl</translation>
    </message>
    <message>
        <source>Alt</source>
        <translation>Alt</translation>
    </message>
    <message>
        <source>Esc</source>
        <translation>Esc</translation>
    </message>
    <message>
        <source>Tab</source>
        <translation>Tab</translation>
    </message>
    <message>
        <source>PgUp</source>
        <translation>PgUp</translation>
    </message>
    <message>
        <source>PgDn</source>
        <translation>PgDn</translation>
    </message>
    <message>
        <source>Yes, No</source>
        <translation>हाँ, नहीं</translation>
    </message>
    <message>
        <source>The answer with that number, to the question that is marked</source>
        <translation>चिह्नित प्रश्न के लिए उस संख्या वाला उत्तर</translation>
    </message>
    <message>
        <source>To another answer or question; then %1 or %2 chooses it</source>
        <translation>दूसरे उत्तर या प्रश्न पर जाएँ; फिर %1 या %2 से चुनें</translation>
    </message>
    <message>
        <source>Store and go on; with answers missing, to the first of them</source>
        <translation>सहेजें और आगे बढ़ें; उत्तर बाकी हों तो पहले बाकी प्रश्न पर</translation>
    </message>
    <message>
        <source>Skip: no judgement of this item</source>
        <translation>छोड़ें: इस आइटम पर कोई निर्णय नहीं</translation>
    </message>
    <message>
        <source>Broken: the item cannot be judged</source>
        <translation>दोषपूर्ण: इस आइटम पर निर्णय नहीं दिया जा सकता</translation>
    </message>
    <message>
        <source>Comment. %1 leaves the field, %2 begins a new line</source>
        <translation>टिप्पणी। %1 से स्थान छोड़ें, %2 से नई पंक्ति</translation>
    </message>
    <message>
        <source>Undo: take the last judgement back and give it anew</source>
        <translation>पूर्ववत करें: पिछला निर्णय वापस लेकर नए सिरे से दें</translation>
    </message>
    <message>
        <source>An earlier item; what is changed there is stored as a correction</source>
        <translation>पिछला आइटम; वहाँ किए बदलाव सुधार के रूप में सहेजे जाते हैं</translation>
    </message>
    <message>
        <source>Forward again</source>
        <translation>फिर आगे</translation>
    </message>
    <message>
        <source>Guideline</source>
        <translation>दिशानिर्देश</translation>
    </message>
    <message>
        <source>Every control in reading order, the item&apos;s text too: there the arrows scroll</source>
        <translation>पढ़ने के क्रम में हर नियंत्रण, आइटम का पाठ भी: वहाँ तीर स्क्रॉल करते हैं</translation>
    </message>
    <message>
        <source>Larger type, smaller type, as shipped</source>
        <translation>बड़े अक्षर, छोटे अक्षर, मूल आकार</translation>
    </message>
    <message>
        <source>Full screen, and out of it</source>
        <translation>पूर्ण स्क्रीन, और उससे बाहर</translation>
    </message>
    <message>
        <source>These keys</source>
        <translation>ये कुंजियाँ</translation>
    </message>
</context>
<context>
    <name>ReviewPractice</name>
    <message>
        <source>Is the following statement something you would say?
“%1”</source>
        <translation>क्या आप नीचे लिखी बात कहेंगे?
“%1”</translation>
    </message>
    <message>
        <source>I leave home early so that nobody has to wait for me.</source>
        <translation>मैं घर से जल्दी निकलता हूँ ताकि किसी को मेरा इंतज़ार न करना पड़े।</translation>
    </message>
    <message>
        <source>Whoever is always on time says this, so the answer that shows the behaviour is Yes.</source>
        <translation>जो हमेशा समय का पाबंद है, वह यही कहेगा; इसलिए यह व्यवहार दिखाने वाला उत्तर “हाँ” है।</translation>
    </message>
    <message>
        <source>A quarter of an hour late still counts as on time.</source>
        <translation>पंद्रह मिनट की देरी भी समय पर ही मानी जाती है।</translation>
    </message>
    <message>
        <source>The statement says the opposite, so the answer that shows the behaviour is No.</source>
        <translation>कथन इसका उलटा कहता है; इसलिए यह व्यवहार दिखाने वाला उत्तर “नहीं” है।</translation>
    </message>
    <message>
        <source>I do not let my friends stand and wait at the station.</source>
        <translation>मैं अपने दोस्तों को स्टेशन पर खड़े होकर इंतज़ार नहीं करने देता।</translation>
    </message>
    <message>
        <source>Mind the “not”: who lets nobody wait is on time. So the answer is Yes.</source>
        <translation>“नहीं” पर ध्यान दें: जो किसी को इंतज़ार नहीं कराता, वह समय का पाबंद है। इसलिए उत्तर “हाँ” है।</translation>
    </message>
    <message>
        <source>I see no reason to look at the clock before a meeting.</source>
        <translation>मुलाक़ात से पहले मुझे घड़ी देखने की कोई वजह नहीं लगती।</translation>
    </message>
    <message>
        <source>Whoever is always on time would not say this, so the answer is No.</source>
        <translation>जो हमेशा समय का पाबंद है, वह ऐसा नहीं कहेगा; इसलिए उत्तर “नहीं” है।</translation>
    </message>
    <message>
        <source>Deadlines are for other people.</source>
        <translation>समय-सीमाएँ दूसरों के लिए होती हैं।</translation>
    </message>
    <message>
        <source>It does not matter whether you like the statement: a person who is on time would say No.</source>
        <translation>आपको कथन पसंद है या नहीं, इससे फ़र्क़ नहीं पड़ता: समय का पाबंद व्यक्ति “नहीं” कहेगा।</translation>
    </message>
    <message>
        <source>Your kettle still works, but a finer one is on sale. What do you do?</source>
        <translation>आपकी केतली अभी चलती है, पर एक ज़्यादा सुंदर केतली छूट पर मिल रही है। आप क्या करेंगे?</translation>
    </message>
    <message>
        <source>I keep the old one.</source>
        <translation>पुरानी ही रखूँगा।</translation>
    </message>
    <message>
        <source>I buy the new one at once.</source>
        <translation>तुरंत नई ख़रीद लूँगा।</translation>
    </message>
    <message>
        <source>Keeping what works costs nothing, so this answer shows the behaviour.</source>
        <translation>जो चल रहा है उसे रखने में कुछ ख़र्च नहीं होता, इसलिए यह उत्तर वह व्यवहार दिखाता है।</translation>
    </message>
    <message>
        <source>A friend offers to lend you a tent. What do you say?</source>
        <translation>एक दोस्त आपको तंबू उधार देने की बात कहता है। आप क्या कहेंगे?</translation>
    </message>
    <message>
        <source>I would rather buy one of my own.</source>
        <translation>मैं अपना ख़रीदना पसंद करूँगा।</translation>
    </message>
    <message>
        <source>Thank you, I will borrow it.</source>
        <translation>धन्यवाद, मैं उधार ले लूँगा।</translation>
    </message>
    <message>
        <source>Borrowing saves the price of a tent.</source>
        <translation>उधार लेने से तंबू के पैसे बचते हैं।</translation>
    </message>
    <message>
        <source>You find an old bank note in a coat. What happens to it?</source>
        <translation>आपको कोट में एक पुराना नोट मिलता है। उसका क्या होगा?</translation>
    </message>
    <message>
        <source>It pays for a long lunch.</source>
        <translation>उससे बढ़िया दावत होगी।</translation>
    </message>
    <message>
        <source>I bet it on a horse.</source>
        <translation>उसे घुड़दौड़ में दाँव पर लगाऊँगा।</translation>
    </message>
    <message>
        <source>It goes into my savings.</source>
        <translation>वह मेरी बचत में जाएगा।</translation>
    </message>
    <message>
        <source>Only one of the three answers saves the money.</source>
        <translation>तीनों में से केवल एक उत्तर पैसे बचाता है।</translation>
    </message>
    <message>
        <source>Which of these sentences is yours?</source>
        <translation>इनमें से कौन-सा वाक्य आपका है?</translation>
    </message>
    <message>
        <source>I compare prices before I buy.</source>
        <translation>मैं ख़रीदने से पहले दाम मिलाता हूँ।</translation>
    </message>
    <message>
        <source>The dearest thing is the best.</source>
        <translation>सबसे महँगी चीज़ ही सबसे अच्छी होती है।</translation>
    </message>
    <message>
        <source>Who compares prices spends less.</source>
        <translation>जो दाम मिलाता है, वह कम ख़र्च करता है।</translation>
    </message>
    <message>
        <source>The bus or a taxi to the airport?</source>
        <translation>हवाई अड्डे तक बस या टैक्सी?</translation>
    </message>
    <message>
        <source>I do not mind.</source>
        <translation>मुझे कोई फ़र्क़ नहीं पड़ता।</translation>
    </message>
    <message>
        <source>The bus: it costs a tenth.</source>
        <translation>बस: उसका किराया दसवाँ हिस्सा है।</translation>
    </message>
    <message>
        <source>The taxi: one sits better.</source>
        <translation>टैक्सी: उसमें बैठना ज़्यादा आरामदेह है।</translation>
    </message>
    <message>
        <source>Not minding is no sign of saving; choosing the bus for its price is.</source>
        <translation>फ़र्क़ न पड़ना बचत की निशानी नहीं है; दाम देखकर बस चुनना है।</translation>
    </message>
    <message>
        <source>The plumber told the customer that ___ would bring a longer pipe tomorrow.</source>
        <translation>प्लंबर ने ग्राहक से कहा कि कल ___ ज़्यादा लंबा पाइप ले आएगा।</translation>
    </message>
    <message>
        <source>The plumber is the one who brings pipes.</source>
        <translation>पाइप प्लंबर ही लाता है।</translation>
    </message>
    <message>
        <source>The nurse asked the visitor whether ___ had been to the ward before.</source>
        <translation>नर्स ने मिलने आए व्यक्ति से पूछा कि क्या ___ पहले कभी इस वार्ड में आ चुका है।</translation>
    </message>
    <message>
        <source>One asks visitors whether they have been there before.</source>
        <translation>मिलने आए लोगों से ही पूछा जाता है कि वे पहले आए हैं या नहीं।</translation>
    </message>
    <message>
        <source>The librarian reminded the student that ___ had to return the atlas by Friday.</source>
        <translation>पुस्तकालयाध्यक्ष ने छात्र को याद दिलाया कि ___ को शुक्रवार तक एटलस लौटाना है।</translation>
    </message>
    <message>
        <source>The student has borrowed the atlas.</source>
        <translation>एटलस छात्र ने उधार लिया है।</translation>
    </message>
    <message>
        <source>The baker apologised to the guest because ___ had burnt the rolls.</source>
        <translation>बेकर ने मेहमान से माफ़ी माँगी क्योंकि ___ ने रोल जला दिए थे।</translation>
    </message>
    <message>
        <source>Who apologises for the rolls has burnt them: the baker.</source>
        <translation>जो रोल के लिए माफ़ी माँगता है, उसी ने उन्हें जलाया: बेकर।</translation>
    </message>
    <message>
        <source>The driver thanked the passenger, who had shown ___ a shorter way.</source>
        <translation>ड्राइवर ने यात्री को धन्यवाद दिया, जिसने ___ को छोटा रास्ता दिखाया था।</translation>
    </message>
    <message>
        <source>The passenger has shown the way, so it was shown to the driver.</source>
        <translation>रास्ता यात्री ने दिखाया, इसलिए वह ड्राइवर को दिखाया गया।</translation>
    </message>
    <message>
        <source>Who is meant by the blank?</source>
        <translation>रिक्त स्थान से कौन अभिप्रेत है?</translation>
    </message>
    <message>
        <source>The person of the occupation</source>
        <translation>पेशे वाला व्यक्ति</translation>
    </message>
    <message>
        <source>The other person</source>
        <translation>दूसरा व्यक्ति</translation>
    </message>
    <message>
        <source>Which answer would a person give who saves every penny?</source>
        <translation>पाई-पाई बचाने वाला व्यक्ति कौन-सा उत्तर देगा?</translation>
    </message>
    <message>
        <source>Which answer would a person give who is always on time?</source>
        <translation>हमेशा समय का पाबंद व्यक्ति कौन-सा उत्तर देगा?</translation>
    </message>
    <message>
        <source>Right. %1</source>
        <translation>सही। %1</translation>
    </message>
    <message>
        <source>Not quite. %1</source>
        <translation>पूरी तरह सही नहीं। %1</translation>
    </message>
    <message>
        <source>Skipping and calling broken are for items that cannot be judged. %1</source>
        <translation>“छोड़ें” और “दोषपूर्ण” उन आइटमों के लिए हैं जिन पर निर्णय नहीं दिया जा सकता। %1</translation>
    </message>
    <message>
        <source>Yes</source>
        <translation>हाँ</translation>
    </message>
    <message>
        <source>No</source>
        <translation>नहीं</translation>
    </message>
    <message>
        <source>Practice</source>
        <translation>अभ्यास</translation>
    </message>
</context>
</TS>
